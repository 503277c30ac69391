"""From samples to tensors and from logits to tokens: what surrounds the graphs."""
