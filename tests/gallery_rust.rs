//! Holds gallery scenarios against the same program in Rust with this library, run in virtual time.
//!
//! `www/gallery/NAME.rs` stands beside `NAME.scope`. Both must log the same lines at the same instants, in the same
//! order, and end in the same way at the same one.
#![cfg(all(feature = "app", not(target_arch = "wasm32")))]
// A program may say which future its connections open with; a trait leaves that open.
#![allow(refining_impl_trait)]

#[path = "oracle/ours.rs"]
mod ours;

use taskscope::app::gallery::entries;

#[path = "../www/gallery/virtual_run.rs"]
mod virtual_run;

/// Brings each program in as a module, and lists it with its scenario's name.
macro_rules! programs {
    ($($module:ident $path:literal)*) => {
        $(#[path = $path] mod $module;)*
        const PROGRAMS: &[(&str, fn())] = &[$(($path, $module::main)),*];
    };
}

programs! {
    order_dashboard "../www/gallery/01-order-dashboard.rs"
    customer_profile "../www/gallery/02-customer-profile.rs"
    flight_quotes "../www/gallery/03-flight-quotes.rs"
    parcel_scan "../www/gallery/04-parcel-scan.rs"
    receipt "../www/gallery/05-receipt.rs"
    thumbnails "../www/gallery/06-thumbnails.rs"
    unbound_search "../www/gallery/07-unbound-search.rs"
    price_feeds "../www/gallery/08-price-feeds.rs"
    upload_deadline "../www/gallery/09-upload-deadline.rs"
    missing_timeout "../www/gallery/10-missing-timeout.rs"
    hidden_timeout "../www/gallery/11-hidden-timeout.rs"
    page_crawler "../www/gallery/12-page-crawler.rs"
    thirty_links "../www/gallery/13-thirty-links.rs"
    geocoding_quota "../www/gallery/14-geocoding-quota.rs"
    sms_gateway "../www/gallery/15-sms-gateway.rs"
    checkout_gather "../www/gallery/16-checkout-gather.rs"
    checkout_scope "../www/gallery/17-checkout-scope.rs"
    weather_stations "../www/gallery/18-weather-stations.rs"
    import_batch "../www/gallery/19-import-batch.rs"
    trip_booking "../www/gallery/20-trip-booking.rs"
    printer "../www/gallery/21-printer.rs"
    swallowed_cancel "../www/gallery/22-swallowed-cancel.rs"
    payment_shield "../www/gallery/23-payment-shield.rs"
    database_session "../www/gallery/24-database-session.rs"
    unit_of_work "../www/gallery/25-unit-of-work.rs"
    held_deadline "../www/gallery/26-held-deadline.rs"
    thermometer "../www/gallery/27-thermometer.rs"
    order_listing "../www/gallery/28-order-listing.rs"
    ticket_race "../www/gallery/29-ticket-race.rs"
    ticket_lock "../www/gallery/30-ticket-lock.rs"
    ledger_lock "../www/gallery/31-ledger-lock.rs"
    label_printer "../www/gallery/32-label-printer.rs"
    sentinel "../www/gallery/33-sentinel.rs"
    photo_jobs "../www/gallery/34-photo-jobs.rs"
    lost_done "../www/gallery/35-lost-done.rs"
    image_workers "../www/gallery/36-image-workers.rs"
    blocked_loop "../www/gallery/37-blocked-loop.rs"
    sliced_report "../www/gallery/38-sliced-report.rs"
    month_end "../www/gallery/39-month-end.rs"
    nested_run "../www/gallery/40-nested-run.rs"
    order_api "../www/gallery/41-order-api.rs"
    export_stream "../www/gallery/42-export-stream.rs"
    connection_reuse "../www/gallery/43-connection-reuse.rs"
    link_checker "../www/gallery/44-link-checker.rs"
    connection_pool "../www/gallery/45-connection-pool.rs"
    stale_connection "../www/gallery/46-stale-connection.rs"
    order_lines "../www/gallery/47-order-lines.rs"
    stock_retry "../www/gallery/48-stock-retry.rs"
    wrong_password "../www/gallery/49-wrong-password.rs"
    fastest_mirror "../www/gallery/50-fastest-mirror.rs"
    relay_start "../www/gallery/51-relay-start.rs"
    warm_cache "../www/gallery/52-warm-cache.rs"
    shutdown "../www/gallery/53-shutdown.rs"
    stop_event "../www/gallery/54-stop-event.rs"
    leaked_audit "../www/gallery/55-leaked-audit.rs"
    transfer_deadlock "../www/gallery/56-transfer-deadlock.rs"
    misspelt_kind "../www/gallery/57-misspelt-kind.rs"
}

#[test]
fn the_library_logs_the_same_lines_at_the_same_instants() {
    let mut wrong = String::new();
    for entry in entries() {
        let path = format!("../www/gallery/{}.rs", entry.id);
        let Some((_, main)) = PROGRAMS.iter().find(|(known, _)| *known == path) else {
            panic!("there is no {path} in the list");
        };
        main();
        let (by_hand, ours) = (virtual_run::printed(), ours::run(entry.text));
        if by_hand != ours {
            wrong += &format!("\n{}\n--- scenario\n{ours}--- by hand\n{by_hand}", entry.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(PROGRAMS.len(), entries().len());
    println!("{} programs compared", PROGRAMS.len());
}
