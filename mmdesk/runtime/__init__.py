"""ONNX Runtime, and nothing else: sessions, devices, and what really ran."""
