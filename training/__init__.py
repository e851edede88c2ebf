"""How `model/compact.onnx` was made: data, network, losses, training, export. Needs PyTorch; the product does not."""
