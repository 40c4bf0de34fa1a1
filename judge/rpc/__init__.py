"""The gRPC border: messages to model and back, errors to statuses, servicers, health."""
