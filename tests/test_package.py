"""The public surface, its docstrings' examples, and what importing does."""

import doctest
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys

import pytest

import tfgan_lab

MODULES = [module.name for module in pkgutil.walk_packages(tfgan_lab.__path__, prefix="tfgan_lab.")]


@pytest.mark.parametrize("name", ["tfgan_lab", *MODULES])
def test_examples_run(name):
    # Examples show what is documented, down to the number; ELLIPSIS only for addresses.
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_every_public_name_has_a_docstring_and_few_arguments():
    for name in MODULES:
        module = importlib.import_module(name)
        for label, member in vars(module).items():
            if label.startswith("_") or getattr(member, "__module__", None) != name:
                continue
            if not callable(member):
                continue  # A constant: an instance has its class's docstring and no signature.
            assert inspect.getdoc(member), f"{name}.{label}"
            if inspect.isclass(member) and (
                hasattr(member, "__dataclass_fields__") or issubclass(member, Exception)
            ):
                continue  # A table of settings, not a call; a builtin's signature.
            if inspect.isclass(member) and "__init__" not in vars(member):
                continue  # A signature inherited, from Keras for instance.
            parameters = inspect.signature(member).parameters.values()
            named = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
            assert len(named) <= 7, f"{name}.{label}"


def test_import_is_light_and_changes_nothing():
    code = """
import json, os, random, sys
import tfgan_lab
heavy = [name for name in ("tensorflow", "keras", "matplotlib", "PIL") if name in sys.modules]
import numpy, tensorflow as tf, keras, matplotlib

def state():
    threading = tf.config.threading
    return (dict(os.environ), random.getstate(), keras.config.dtype_policy().name,
            numpy.random.get_state()[1].tolist(), threading.get_intra_op_parallelism_threads(),
            threading.get_inter_op_parallelism_threads(), matplotlib.rcParams.copy())

before, found = state(), 0
for room in tfgan_lab.__all__:
    module = getattr(tfgan_lab, room)
    for name in getattr(module, "__all__", ()):
        found += getattr(module, name) is not None
print(json.dumps([heavy, state() == before, found]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy, same, found = json.loads(done.stdout.splitlines()[-1])
    assert heavy == [] and same and found > 100
