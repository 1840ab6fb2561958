"""One small file per interchange format."""
