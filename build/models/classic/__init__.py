"""The mission's own example: one LSTM and one convolution, joined, answer questions about shapes."""
