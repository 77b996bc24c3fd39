//! Blocking work.
// imports: std::time::Duration, taskscope::host::Job, taskscope::runtime::Limiter, taskscope::runtime::Result, taskscope::runtime::offload_job
/// Blocking work on one of the workers, which takes so long.
async fn on_worker(workers: &Limiter, function: &str, args: Vec<i64>, takes: Duration) -> Result<i64> {
    let _worker = workers.acquire().await;
    Ok(offload_job(Job { function: function.into(), args, simulated: takes }).await?)
}
