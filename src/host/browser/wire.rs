//! The messages between the page and its workers, both ways, in one place.
//!
//! A worker says `{ready: VERSION}` once it listens. Then orders
//! `{id, function, args}` get replies `{id, value}` or `{id, error}`. Numbers
//! of 64 bits travel as `BigInt`; a reply may also use a whole number.

use js_sys::{Array, BigInt, Object, Reflect};
#[cfg(feature = "worker")]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

/// The worker's file name carries no hash, so that an old one may be cached.
pub(super) const VERSION: u32 = 1;

/// From the page to a worker.
pub(super) struct Order {
    pub(super) id: u32,
    pub(super) function: String,
    pub(super) args: Vec<i64>,
}

/// From a worker to the page.
pub(super) enum Reply {
    Ready { version: u32 },
    Done { id: u32, result: Result<i64, String> },
}

impl Order {
    #[cfg(feature = "web")]
    pub(super) fn to_js(&self) -> JsValue {
        let args: Array = self.args.iter().map(|&arg| JsValue::from(BigInt::from(arg))).collect();
        object(&[("id", self.id.into()), ("function", self.function.as_str().into()), ("args", args.into())])
    }

    #[cfg(feature = "worker")]
    pub(super) fn from_js(message: &JsValue) -> Option<Order> {
        let args = get(message, "args")?.dyn_into::<Array>().ok()?;
        Some(Order {
            id: get_u32(message, "id")?,
            function: get(message, "function")?.as_string()?,
            args: args.iter().map(whole).collect::<Option<_>>()?,
        })
    }
}

impl Reply {
    #[cfg(feature = "worker")]
    pub(super) fn to_js(&self) -> JsValue {
        match self {
            Reply::Ready { version } => object(&[("ready", (*version).into())]),
            Reply::Done { id, result: Ok(value) } => {
                object(&[("id", (*id).into()), ("value", BigInt::from(*value).into())])
            }
            Reply::Done { id, result: Err(error) } => {
                object(&[("id", (*id).into()), ("error", error.as_str().into())])
            }
        }
    }

    #[cfg(feature = "web")]
    pub(super) fn from_js(message: &JsValue) -> Option<Reply> {
        if let Some(version) = get_u32(message, "ready") {
            return Some(Reply::Ready { version });
        }
        let id = get_u32(message, "id")?;
        let result = match get(message, "error").and_then(|error| error.as_string()) {
            Some(error) => Err(error),
            None => Ok(whole(get(message, "value")?)?),
        };
        Some(Reply::Done { id, result })
    }
}

/// A plain object. Setting a field of a fresh one cannot fail.
fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn get(message: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(message, &name.into()).ok().filter(|value| !value.is_undefined())
}

fn get_u32(message: &JsValue, name: &str) -> Option<u32> {
    whole(get(message, name)?).and_then(|value| u32::try_from(value).ok())
}

/// A `BigInt` of 64 bits, or a number without a fraction that is exact.
fn whole(value: JsValue) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(number as i64),
        Some(_) => None,
        None => i64::try_from(value).ok(),
    }
}
