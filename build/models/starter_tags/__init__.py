"""What is in a picture: the 1,000 classes of ImageNet (pack ``starter-tags``)."""
