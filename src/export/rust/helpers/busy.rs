//! Workers that are busy.
// imports: std::time::Duration, taskscope::runtime::Limiter, taskscope::runtime::Result
// needs: on_worker
/// Keeps one of the workers busy for so long.
async fn busy(workers: &Limiter, length: Duration) -> Result<()> {
    let us = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
    on_worker(workers, "busy", vec![us], length).await?;
    Ok(())
}
