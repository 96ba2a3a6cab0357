"""What is wrong with a training, measured and said in plain words."""
