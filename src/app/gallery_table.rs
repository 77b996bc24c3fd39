//! The files of the gallery, in the order in which they are shown.

/// Id and text of each file in `www/gallery`.
pub static FILES: &[(&str, &str)] = &[
    ("01-order-dashboard", include_str!("../../www/gallery/01-order-dashboard.scope")),
    ("02-customer-profile", include_str!("../../www/gallery/02-customer-profile.scope")),
    ("03-thumbnails", include_str!("../../www/gallery/03-thumbnails.scope")),
    ("04-price-feeds", include_str!("../../www/gallery/04-price-feeds.scope")),
    ("05-page-crawler", include_str!("../../www/gallery/05-page-crawler.scope")),
    ("06-geocoding-quota", include_str!("../../www/gallery/06-geocoding-quota.scope")),
    ("07-sms-gateway", include_str!("../../www/gallery/07-sms-gateway.scope")),
    ("08-checkout-gather", include_str!("../../www/gallery/08-checkout-gather.scope")),
    ("09-checkout-scope", include_str!("../../www/gallery/09-checkout-scope.scope")),
    ("10-weather-stations", include_str!("../../www/gallery/10-weather-stations.scope")),
    ("11-import-batch", include_str!("../../www/gallery/11-import-batch.scope")),
    ("12-printer", include_str!("../../www/gallery/12-printer.scope")),
    ("14-unit-of-work", include_str!("../../www/gallery/14-unit-of-work.scope")),
    ("15-fastest-mirror", include_str!("../../www/gallery/15-fastest-mirror.scope")),
    ("16-image-workers", include_str!("../../www/gallery/16-image-workers.scope")),
    ("17-blocked-loop", include_str!("../../www/gallery/17-blocked-loop.scope")),
    ("18-ticket-race", include_str!("../../www/gallery/18-ticket-race.scope")),
];
