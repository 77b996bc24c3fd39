//! A request that is aborted when it is dropped.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, RequestMode, Url};

use crate::host::browser::thrown::describe;
use crate::host::{FetchError, Response};

/// A body is shown in a log and kept in a trace; a megabyte is plenty there.
pub const BODY_LIMIT_BYTES: usize = 1 << 20;

#[wasm_bindgen]
extern "C" {
    /// The global function, which windows and workers share.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(request: &web_sys::Request, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Starts a request now; the future ends with its answer.
pub(super) fn start(
    url: &str,
    allow_other_origins: bool,
) -> Pin<Box<dyn Future<Output = Result<Response, FetchError>>>> {
    let begun = begin(url, allow_other_origins);
    Box::pin(async move {
        let answer = async {
            // Held until the body has arrived; dropping the future drops it too.
            let (_abort, response) = begun?;
            let response = response.await.map_err(|e| describe(&e))?;
            let response: web_sys::Response =
                response.dyn_into().map_err(|e| format!("not a response: {}", describe(&e)))?;
            let body = read_body(&response).await?;
            Ok(Response { status: response.status(), body })
        };
        answer.await.map_err(|message: String| FetchError { message: message.into() })
    })
}

fn begin(url: &str, allow_other_origins: bool) -> Result<(Abort, JsFuture), String> {
    // A `Request` resolves the address against the page, or against the worker.
    let request = web_sys::Request::new_with_str(url)
        .map_err(|e| format!("`{url}` is not an address that can be fetched ({})", describe(&e)))?;
    let init = RequestInit::new();
    if !allow_other_origins {
        refuse_other_origin(&request.url())?;
        // So that a redirection does not lead elsewhere either.
        init.set_mode(RequestMode::SameOrigin);
    }
    let abort = Abort(AbortController::new().map_err(|e| describe(&e))?);
    init.set_signal(Some(&abort.0.signal()));
    let promise = global_fetch(&request, &init).map_err(|e| describe(&e))?;
    // Listening from the start: an aborted promise that nobody listens to is
    // reported to the page as an error that nobody handled.
    Ok((abort, JsFuture::from(promise)))
}

fn refuse_other_origin(address: &str) -> Result<(), String> {
    let theirs = Url::new(address).map_err(|e| describe(&e))?.origin();
    let ours = Reflect::get(&js_sys::global(), &"origin".into()).ok().and_then(|v| v.as_string());
    // An origin of `null` (a sandboxed frame, a file) is not even itself.
    if ours.as_deref() == Some(&*theirs) && theirs != "null" {
        return Ok(());
    }
    let elsewhere = if theirs == "null" { address } else { &*theirs };
    Err(format!(
        "not sent: {elsewhere} is not where this page comes from; allow requests to other sites \
         for this run, or fetch one of the page's own files"
    ))
}

/// Aborts a request when dropped; after its end that does nothing.
#[must_use = "dropping it aborts the request"]
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body as text, read piece by piece so that an endless one ends here.
async fn read_body(response: &web_sys::Response) -> Result<Rc<str>, String> {
    let Some(stream) = response.body() else {
        return Ok("".into());
    };
    let reader: ReadableStreamDefaultReader =
        stream.get_reader().dyn_into().map_err(|_| "the body cannot be read".to_owned())?;
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(|e| describe(&e))?;
        let part = |name: &str| Reflect::get(&piece, &name.into()).map_err(|e| describe(&e));
        if part("done")?.is_truthy() {
            break;
        }
        let piece: Uint8Array =
            part("value")?.dyn_into().map_err(|v| format!("the body holds {}", describe(&v)))?;
        if bytes.len() + piece.length() as usize > BODY_LIMIT_BYTES {
            return Err(format!("the body is larger than {} KiB", BODY_LIMIT_BYTES / 1024));
        }
        bytes.extend(piece.to_vec());
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into())
}
