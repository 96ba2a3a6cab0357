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
        parts = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "ema_generator": self.ema_generator,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        named = {"step": self.step, "images_seen": self.images_seen}
        for role, part in parts.items():
            for index, variable in enumerate(part.variables if part is not None else []):
                # Names of optimisers' variables hold layer counters, which depend on the process.
                named[f"{role}/{index:03d}"] = variable
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
            for network in (self.generator, self.discriminator)
            for variable in network.variables
            if variable.name == "seed_generator_state"
        ]
        counters = {"step": self.step, "images_seen": self.images_seen}
        seeds = {f"seed_{index}": seed for index, seed in enumerate(seeds)}
        return counters | seeds | self._parts_state()

    def _parts_state(self):
        """Variables of what ``compile`` was given: averages, ADA's probability, the pace."""
        parts = {penalty.name: penalty for penalty in self.penalties}
        if isinstance(self.augmenter, Augmenter):
            parts["augmenter"] = self.augmenter
        for observer in self.observers:
            if observer is not self.augmenter:
                parts["pace"] = observer
        return {
            f"{name}_{index}": variable
            for name, part in parts.items()
            for index, variable in enumerate(part.variables)
        }
