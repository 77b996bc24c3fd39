//! The program of the worker that brings Python programs in: a text comes, its scenario goes back.

mod texts;

use taskscope::import::import;

fn main() {
    texts::serve(|given| given.iter().map(|text| import(text).annotated()).collect());
}
