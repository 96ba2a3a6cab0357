import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.layers import SpectralConv2D, SpectralDense, advance_power_iterations


def matrix(layer):
    kernel = layer.kernel.numpy()
    return kernel.reshape(-1, kernel.shape[-1])
