"""The golden thread: does every level score enough, do the levels differ, and does each have a vision of its own."""

from leadkit.org.thread.levels import LevelView, view_levels
from leadkit.org.thread.tracing import Thread, trace_thread
from leadkit.org.thread.visions import Vision, VisionCheck, check_visions

__all__ = ["LevelView", "Thread", "Vision", "VisionCheck", "check_visions", "trace_thread", "view_levels"]
