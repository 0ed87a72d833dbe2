"""The program beside the machine: reads, keeps and sends."""
