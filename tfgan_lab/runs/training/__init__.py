"""From a configuration to a trained model and a run directory."""
