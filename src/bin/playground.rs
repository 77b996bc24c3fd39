//! Starts the playground in a page, or a scenario in an embed.

use taskscope::{embed, ui};

fn main() {
    let embedded = embed::is_embed();
    ui::start(ui::Host { embed: embedded, hear: embedded.then_some(embed::hear) });
}
