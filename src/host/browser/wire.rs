//! The messages between the page and its workers, both ways, in one place.
//!
//! A worker says `{ready: VERSION}` once it listens. Then orders
//! `{id, function, args}` get replies `{id, value}` or `{id, error}`. Numbers
//! of 64 bits travel as `BigInt`; a reply may also use a whole number.
//!
//! The worker with the database (`www/database/worker.js`) gets `{id, sql}`; its value is an array of rows, which are
//! arrays of `null`, `BigInt`, number and text. With a reply it may send `keep`: what another worker in its place
//! gets as `{keep}` before its first order.

use js_sys::{Array, BigInt, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

#[cfg(feature = "web")]
use crate::host::{Cell, Rows};

/// The worker's file name carries no hash, so that an old one may be cached.
pub(super) const VERSION: u32 = 1;

/// From the page to a worker: what is asked of it.
#[cfg(feature = "web")]
pub(super) fn job(id: u32, function: &str, args: &[i64]) -> JsValue {
    let args: Array = args.iter().map(|&arg| JsValue::from(BigInt::from(arg))).collect();
    object(&[("id", id.into()), ("function", function.into()), ("args", args.into())])
}

/// The same for the database.
#[cfg(feature = "web")]
pub(super) fn statements(id: u32, sql: &str) -> JsValue {
    object(&[("id", id.into()), ("sql", sql.into())])
}

/// To a worker that takes the place of another.
#[cfg(feature = "web")]
pub(super) fn kept(keep: &JsValue) -> JsValue {
    object(&[("keep", keep.clone())])
}

/// What a worker reads of an order.
#[cfg(feature = "worker")]
pub(super) struct Order {
    pub(super) id: u32,
    pub(super) function: String,
    pub(super) args: Vec<i64>,
}

/// What a worker says of itself and of its orders.
#[cfg(feature = "worker")]
pub(super) enum Reply {
    Ready { version: u32 },
    Done { id: u32, result: Result<i64, String> },
}

/// What the page hears of a worker.
#[cfg(feature = "web")]
pub(super) enum Heard {
    Ready { version: u32 },
    Done { id: u32, result: Result<JsValue, String>, keep: Option<JsValue> },
}

#[cfg(feature = "worker")]
impl Order {
    pub(super) fn from_js(message: &JsValue) -> Option<Order> {
        let args = get(message, "args")?.dyn_into::<Array>().ok()?;
        Some(Order {
            id: get_u32(message, "id")?,
            function: get(message, "function")?.as_string()?,
            args: args.iter().map(whole).collect::<Option<_>>()?,
        })
    }
}

#[cfg(feature = "worker")]
impl Reply {
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
}

#[cfg(feature = "web")]
impl Heard {
    pub(super) fn from_js(message: &JsValue) -> Option<Heard> {
        if let Some(version) = get_u32(message, "ready") {
            return Some(Heard::Ready { version });
        }
        let id = get_u32(message, "id")?;
        let result = match get(message, "error").and_then(|error| error.as_string()) {
            Some(error) => Err(error),
            None => Ok(get(message, "value")?),
        };
        Some(Heard::Done { id, result, keep: get(message, "keep") })
    }
}

/// The value of a job.
#[cfg(feature = "web")]
pub(super) fn number(value: JsValue) -> Option<i64> {
    whole(value)
}

/// The value of a query.
#[cfg(feature = "web")]
pub(super) fn rows(value: JsValue) -> Option<Rows> {
    let cell = |cell: JsValue| {
        Some(match cell.as_f64() {
            Some(number) => Cell::Float(number),
            None if cell.is_null() => Cell::Null,
            None => match cell.as_string() {
                Some(text) => Cell::Text(text.into()),
                None => Cell::Int(i64::try_from(cell).ok()?),
            },
        })
    };
    let row = |row: JsValue| row.dyn_into::<Array>().ok()?.iter().map(cell).collect();
    value.dyn_into::<Array>().ok()?.iter().map(row).collect()
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
