"""The course's stage: what a chapter needs beside the networking that it shows."""

from helpers.uninterrupted import uninterrupted

with uninterrupted():
    from helpers.checks import check
    from helpers.course_map import course_map
    from helpers.diagrams import sequence_diagram
    from helpers.explore import Slider, explore
    from helpers.fresh import fresh, start_over
    from helpers.link import Link
    from helpers.listening import free_port
    from helpers.machine import check_machine
    from helpers.packet_table import packet_table
    from helpers.pcap import write_pcap
    from helpers.plots import Picture, chart
    from helpers.predict import predict
    from helpers.quiz import quiz
    from helpers.scripts import run_script
    from helpers.servers import run_server

__all__ = [
    "Link",
    "Picture",
    "Slider",
    "chart",
    "check",
    "check_machine",
    "course_map",
    "explore",
    "free_port",
    "fresh",
    "packet_table",
    "predict",
    "quiz",
    "run_script",
    "run_server",
    "sequence_diagram",
    "start_over",
    "write_pcap",
]
