"""Market profiles, platform limits and adaptation rules: data with sources and dates."""
