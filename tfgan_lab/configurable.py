"""Saving by the arguments of the constructor."""

import inspect

import keras


class Configurable:
    """An object that keeps its constructor's arguments as attributes of the same names.

    That is all Keras needs to save it within a model and to make it again. Register subclasses
    with ``keras.saving.register_keras_serializable``.
    """

    def get_config(self) -> dict:
        """Returns the constructor's arguments, objects among them serialised."""
        named = [
            name
            for name, parameter in inspect.signature(self.__init__).parameters.items()
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]
        return {name: keras.saving.serialize_keras_object(getattr(self, name)) for name in named}

    @classmethod
    def from_config(cls, config):
        """Makes the object that ``get_config`` described."""
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})
