"""The verb ``explore``: a local page on which one plays with a generator."""

from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.command_line.shared_flags import define_flag, define_latents_flag

USAGE = """usage: tfgan-lab explore RUN_DIR [--port=7860] [--host=127.0.0.1]

Opens a page in this machine's browser on which one plays with the released generator of a run (or
with any generator.keras): sliders along directions, samples, ways between two points, the search
for an image of yours, and everything to be saved. It needs the extra 'explore' and no network;
nobody else can reach it unless --host says so. Ctrl-C ends it."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(
        values, "host", "127.0.0.1",
        "address to listen on; 0.0.0.0 for all that reach this machine",
    )  # fmt: skip
    define_flag(
        values, "port", 0, "port; the first free one from 7860 on unless given", low=0, high=65535
    )
    define_flag(values, "directions", 6, "number of sliders along directions", low=1)
    define_flag(values, "open", True, "open the page in the browser")
    define_latents_flag(values)


def run(arguments, values):
    """Serves the page until Ctrl-C."""
    import webbrowser

    from tfgan_lab.explorer import Explorer, build_page, serve
    from tfgan_lab.runs.reading.generation import generator_file, open_generator

    file = generator_file(only_run(arguments))
    explorer = Explorer(open_generator(file, values.latents), values.directions)
    page = build_page(explorer, title=file.resolve().parent.name)
    address = serve(page, host=values.host, port=values.port, block=False)
    print(f"Look at {address}  (Ctrl-C ends it)", flush=True)
    if values.open and values.host in ("127.0.0.1", "localhost"):
        webbrowser.open(address)
    page.block_thread()
