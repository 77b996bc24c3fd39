//! The browser's storage, which may be off, full or forbidden: then nothing is kept, and nothing breaks.

use web_sys::Storage;

use crate::app::settings::Key;

/// Everything that was kept.
pub fn read_all() -> Vec<(Key, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let kept = Key::ALL.into_iter().map(|key| (key, storage.get_item(key.name()).ok().flatten()));
    kept.filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Keeps a value, or says that it could not be kept.
pub fn write(key: Key, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key.name(), value).is_ok())
}

/// Throws away everything that was kept.
pub fn forget_all() {
    let Some(storage) = storage() else { return };
    for key in Key::ALL {
        // What cannot be removed was not there, or is not ours to remove.
        let _ = storage.remove_item(key.name());
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
