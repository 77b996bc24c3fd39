//! Queries.
// imports: std::time::Duration, taskscope::host::Query, taskscope::runtime, taskscope::runtime::Result
/// A query that takes so long and has these rows; there is no database here.
async fn query<T>(sql: &str, takes: Duration, rows: T) -> Result<T> {
    runtime::query(Query { sql: sql.into(), simulated: takes }).await?;
    Ok(rows)
}
