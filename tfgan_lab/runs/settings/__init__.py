"""What a run can be told: settings, presets, and which of them can be run together."""
