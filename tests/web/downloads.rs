//! A Yew application on the library alone: three downloads, two at a time, which end with the component.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use taskscope::host::browser::{BrowserHost, BrowserOptions};
use taskscope::runtime::{Limiter, Run, scope, sleep, timeout};
use wasm_bindgen_futures::spawn_local;
use yew::{Html, UseStateHandle, component, html, use_effect_with, use_state};

thread_local! {
    /// Two at a time in the whole application.
    pub static LINE: Limiter = Limiter::named("line", 2);
}

async fn download(shown: UseStateHandle<String>) -> taskscope::runtime::Result<()> {
    let arrived = RefCell::new(Vec::new());
    let all = scope(async |s| {
        for (name, ms) in [("user", 500), ("orders", 40), ("prefs", 20)] {
            let (arrived, shown) = (&arrived, &shown);
            s.spawn(async move {
                let _permit = LINE.with(Limiter::acquire).await;
                sleep(Duration::from_millis(ms)).await; // `fetch` in an application
                arrived.borrow_mut().push(name);
                shown.set(arrived.borrow().join(", "));
                Ok(())
            });
        }
        Ok(())
    });
    timeout(Duration::from_secs(5), all).await??;
    Ok(())
}

/// Shows what has arrived so far.
#[component]
pub fn Downloads() -> Html {
    let shown = use_state(String::new);
    let text = shown.clone();
    use_effect_with((), move |()| {
        let host = BrowserHost::new(BrowserOptions::default()).expect("a browser");
        let run = Run::new(Rc::new(host), download(shown.clone()));
        let handle = run.handle();
        spawn_local(async move {
            if let Err(error) = run.await {
                shown.set(error.to_string());
            }
        });
        move || _ = handle.cancel() // cleanups run, then the run is over
    });
    html! { <p id="arrived">{ text.as_str() }</p> }
}
