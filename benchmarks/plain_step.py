"""The step of ``from-scratch`` as one writes it first, to tell what its tuning gains and costs."""

# In float32, with penalties of the whole batch in passes of their own, real and fake judged apart,
# and fresh images for the generator's update.
PLAIN = {
    "precision": "float32",
    "penalty_share": 1.0,
    "shared_gradients": False,
    "concatenate_batches": False,
    "schedule": "alternating",
}
