"""Language models that sum comments up: a protocol, one adapter, a fake, under one contract test."""
