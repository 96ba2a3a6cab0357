"""What of an adversarial model is saved, in a ``.keras`` file and in a checkpoint."""

from tfgan_lab.layers.augmenter import Augmenter


class SavedState:
    """Mixed into ``AdversarialModel``: everything of its state, by name.

    A ``.keras`` file has the networks and optimisers by Keras' own ways, and the rest by these; a
    checkpoint has everything by ``checkpoint_variables``.
    """

    def checkpoint_variables(self) -> dict:
        """Everything an exact resume needs, by names that don't depend on layer counters.

        Returns:
            Names such as ``generator/003`` to ``keras.Variable``: weights, moving average,
            both optimisers' slots, the step, the running means, and the states of seed generators.
        """
        networks = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "ema_generator": self.ema_generator,
        }
        named = {"step": self.step, "images_seen": self.images_seen}
        for role, network in networks.items():
            named |= _numbered(role, network.variables if network is not None else [])
        for role in ("generator_optimizer", "discriminator_optimizer"):
            named |= _optimizer_state(role, getattr(self, role))
        named |= self._parts_state()
        for name, metric in self._means.items():
            for index, variable in enumerate(metric.variables):
                named[f"mean/{name}/{index:03d}"] = variable
        return named

    def save_own_variables(self, store):
        """Saves counters, and the states of dropout's seeds, which Keras leaves out."""
        for name, variable in self._own_state().items():
            store[name] = variable.numpy()

    def load_own_variables(self, store):
        """Loads what ``save_own_variables`` saved."""
        for name, variable in self._own_state().items():
            variable.assign(store[name])

    def _own_state(self):
        seeds = [
            variable
            for network in (self.generator, self.discriminator, self.ema_generator)
            if network is not None
            for variable in network.variables
            if variable.name == "seed_generator_state"
        ]
        counters = {"step": self.step, "images_seen": self.images_seen}
        seeds = {f"seed_{index}": seed for index, seed in enumerate(seeds)}
        return counters | seeds | self._parts_state()

    def _parts_state(self):
        """Variables of what ``compile`` was given: averages, ADA's probability, the rate."""
        parts = {penalty.name: penalty for penalty in self.penalties}
        if isinstance(self.augmenter, Augmenter):
            parts["augmenter"] = self.augmenter
        for observer in self.observers:
            if observer is not self.augmenter:
                parts["lr_control"] = observer
        return {
            f"{name}_{index}": variable
            for name, part in parts.items()
            for index, variable in enumerate(part.variables)
        }


# What an optimiser has besides its slots. A rate of its own is there or not, as is the scale of a
# loss: a run that resumes with the other kind still finds its slots by their numbers.
_NO_SLOTS = ("iteration", "learning_rate")


def _optimizer_state(role, optimizer):
    """An optimiser's variables by name; those of slots hold layer counters of the process."""
    inner = getattr(optimizer, "inner_optimizer", None)
    if inner is not None:
        own = optimizer.variables[: -len(inner.variables)]
        named = {f"{role}/scaling/{variable.name}": variable for variable in own}
        return named | _optimizer_state(role, inner)
    named = {f"{role}/{each.name}": each for each in optimizer.variables if each.name in _NO_SLOTS}
    slots = [each for each in optimizer.variables if each.name not in _NO_SLOTS]
    return named | _numbered(role, slots)


def _numbered(role, variables):
    return {f"{role}/{index:03d}": variable for index, variable in enumerate(variables)}
