"""The program beside the machine: reads, stores and sends."""
