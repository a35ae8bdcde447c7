"""Training a LoRA adapter on the very prompts that `ragkit ask` puts together."""
