"""Chapter 01: what is a socket?"""
