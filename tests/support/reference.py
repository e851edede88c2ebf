"""A second, independent implementation of the Zhang network: an ONNX graph that onnxruntime runs.

It is written from the published layer table and uses nothing of `colorizer`, so an error there is not repeated here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from benchmarks.support.random_weights import BLOCKS, Array, Blobs


def zhang_graph(blobs: Blobs, points: Array) -> bytes:
    """The network as ONNX bytes: "luminance" (1, 1, h, w) minus 50 in, "ab" (1, 2, h/4, w/4) out; points (313, 2)."""
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, Array] = {}
    top = "luminance"

    def add(operator: str, name: str, *values: Array, **attributes: Any) -> None:
        nonlocal top
        names = [f"{name}.{index}" for index in range(len(values))]
        constants.update(zip(names, values, strict=True))
        nodes.append(helper.make_node(operator, [top, *names], [name], **attributes))
        top = name

    def convolution(name: str, stride: int = 1, dilation: int = 1) -> None:
        pads, strides, dilations = [dilation] * 4, [stride] * 2, [dilation] * 2
        add("Conv", name, *blobs[name], pads=pads, strides=strides, dilations=dilations)
        add("Relu", f"{name}.relu")

    for names, _, stride, dilation in BLOCKS:
        for name in names:
            convolution(name, stride if name == names[-1] else 1, dilation)
        mean, variance, factor = blobs[f"{names[-1]}norm"]
        ones, zeros = np.ones_like(mean), np.zeros_like(mean)
        add("BatchNormalization", f"{name}norm", ones, zeros, mean / factor, variance / factor, epsilon=1e-5)
    add("ConvTranspose", "conv8_1", *blobs["conv8_1"], pads=[1] * 4, strides=[2, 2])
    add("Relu", "conv8_1.relu")
    convolution("conv8_2")
    convolution("conv8_3")
    add("Conv", "conv8_313", *blobs["conv8_313"])
    add("Mul", "annealed", np.array(2.606, np.float32))
    add("Softmax", "distribution", axis=1)
    add("Conv", "ab", points.T.reshape(2, 313, 1, 1).astype(np.float32))
    return graph_bytes(nodes, constants)


def graph_bytes(nodes: list[onnx.NodeProto], constants: dict[str, Array], *, channels: int = 2) -> bytes:
    """An ONNX model of these nodes from "luminance" (1, 1, h, w) to "ab" (1, channels, ., .)."""
    graph = helper.make_graph(
        nodes,
        "reference",
        [helper.make_tensor_value_info("luminance", onnx.TensorProto.FLOAT, [1, 1, "height", "width"])],
        [helper.make_tensor_value_info("ab", onnx.TensorProto.FLOAT, [1, channels, None, None])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def onnx_predictor(model: bytes) -> Callable[[Array], Array]:
    """A function from luminance (h, w) 0..100 to ab (h', w', 2), run by onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def predict(luminance: Array) -> Array:
        (ab,) = session.run(["ab"], {"luminance": luminance[np.newaxis, np.newaxis] - np.float32(50)})
        return np.ascontiguousarray(ab[0].transpose(1, 2, 0), np.float32)

    return predict
