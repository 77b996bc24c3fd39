//! Starts the playground in a page.

use taskscope::ui;

fn main() {
    ui::start();
}
