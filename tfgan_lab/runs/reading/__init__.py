"""What is done with a run that is there: measured, looked at, compared."""
