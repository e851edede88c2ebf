"""Train `model/compact.onnx`: data, network, losses, training, export. Needs PyTorch; the product does not."""
