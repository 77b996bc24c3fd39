//! Requests.
// imports: std::time::Duration, taskscope::host::Request, taskscope::host::Response, taskscope::host::Simulated, taskscope::runtime, taskscope::runtime::Result
// errors: HttpError
/// A request that takes so long and has this answer; a status of 400 or more is an error.
async fn fetch(url: &str, takes: Duration, status: u16, body: &str) -> Result<Response> {
    let simulated = Simulated { after: takes, status, body: body.into() };
    let response = match runtime::fetch(Request { url: url.into(), simulated }).await {
        Ok(response) => response,
        Err(error) => return Err(HttpError(error.message.to_string()).into()),
    };
    if response.status >= 400 {
        return Err(HttpError(format!("{} {url}", response.status)).into());
    }
    Ok(response)
}
