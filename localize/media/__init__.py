"""The only place that touches codecs."""
