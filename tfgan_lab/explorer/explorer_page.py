"""The page of an explorer, by Gradio: sliders, samples, ways between points, a search."""

import functools
import os

import numpy as np

from tfgan_lab.explorer.explorer import Explorer
from tfgan_lab.explorer.shown import shown_image
from tfgan_lab.latents import between, truncate
from tfgan_lab.plots.grids import tile_images

EXTENT = 4.0  # of the sliders along directions, in lengths of a direction
NUM_SAMPLES = 24
NUM_BETWEEN = 8
CSS = """
img.shown { image-rendering: pixelated; width: 100%; max-width: 32rem; border-radius: 6px; }
#samples img.shown, #way img.shown { max-width: 100%; }
p.links a { margin-right: 1rem; text-decoration: underline; white-space: nowrap; }
"""


def build_page(explorer: Explorer, title="generator"):
    """Lays out the page.

    Args:
        explorer: ``Explorer``.
        title: str.

    Returns:
        ``gradio.Blocks``, to be served by ``serve``.

    Raises:
        ImportError: Gradio is not installed; the message says how to.
    """
    gr = _gradio()
    with gr.Blocks(title=f"{title} · tfgan_lab", analytics_enabled=False) as page:
        gr.Markdown(f"# {title}")
        layout = _Layout(gr, explorer)
        layout.add_controls()
        page.load(layout.show, layout.point, layout.image)
        with gr.Tab("Samples"):
            layout.add_samples()
        with gr.Tab("Between"):
            layout.add_between()
        with gr.Tab("Your image"):
            layout.add_search()
    return page


def serve(page, *, host="127.0.0.1", port=0, block=True):
    """Serves a page; nothing is sent anywhere else.

    Args:
        page: what ``build_page`` returned.
        host: address to listen on; the machine's own, which nobody else reaches, unless given.
        port: int, or 0 for the first free one from 7860 on.
        block: bool, whether to serve until Ctrl-C.

    Returns:
        The address of the page.

    Raises:
        OSError: the port is taken.
    """
    gr = _gradio()
    # Its own themes ask for fonts from elsewhere.
    theme = gr.themes.Default(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )
    _, address, _ = page.launch(
        server_name=host,
        server_port=port or None,
        share=False,
        inbrowser=False,
        quiet=True,
        prevent_thread_lock=True,
        show_error=True,
        footer_links=[],
        max_file_size="50mb",
        ssr_mode=False,
        theme=theme,
        css=CSS,
    )
    if block:
        page.block_thread()
    return address


def _gradio():
    # Before the import, which is when Gradio reads them.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import gradio
    except ImportError as error:
        raise ImportError(
            "Expected Gradio, which shows the page. Received: none; install it with "
            "pip install 'tfgan_lab[explore]'"
        ) from error
    return gradio


class _Layout:
    """The components of the page, and what is computed when they change.

    ``base`` is a state, the latents before truncation and directions; ``kept`` are two more, those
    of A and B, ``None`` before they are kept. ``point`` is all that decides on the image, as inputs
    of a function: base, truncation, label (a state of ``None`` without classes), and a slider for
    each direction.
    """

    def __init__(self, gr, explorer):
        self.gr, self.explorer = gr, explorer
        self.base, *self.kept = gr.State(explorer.draw(0)), gr.State(None), gr.State(None)
        self.keep, self.kept_images = [], []
        with gr.Row():
            with gr.Column():
                self.image = gr.HTML(elem_id="image")
                with gr.Row():
                    for name in "AB":
                        with gr.Column(min_width=120):
                            self.keep.append(gr.Button(f"Keep as {name}"))
                            self.kept_images.append(gr.HTML(elem_id=f"kept-{name}"))
            with gr.Column():
                with gr.Row():
                    self.seed = gr.Number(0, label="Draw number", precision=0, minimum=0)
                    self.another = gr.Button("Another draw", variant="primary")
                self.truncation = gr.Slider(
                    0, 1.5, 1, step=0.05, label="Truncation: below 1 for more usual images"
                )
                self.label = self._label_choice()
                self.sliders = [
                    gr.Slider(-EXTENT, EXTENT, 0, step=0.05, label=f"Direction {index + 1}")
                    for index in range(len(explorer.vectors))
                ]
                self.level = gr.Button("All directions back to 0")
        self.point = [self.base, self.truncation, self.label, *self.sliders]

    def _label_choice(self):
        generator = self.explorer.generator
        if not generator.conditional:
            return self.gr.State(None)
        if generator.class_names:
            names = [(name, index) for index, name in enumerate(generator.class_names)]
            return self.gr.Dropdown(names, value=0, label="Class")
        return self.gr.Number(0, label="Class", precision=0, minimum=0)

    def add_controls(self):
        """Has the image follow what a person moves, and the buttons set it."""
        for control in self.point[1:]:
            if hasattr(control, "input"):  # A state has no such event.
                self._follow(control, self.show, self.point, self.image)
        zeros = [0.0] * len(self.sliders)

        def draw(number):
            return self.explorer.draw(number or 0), *zeros

        self.another.click(lambda number: int(number or 0) + 1, self.seed, self.seed)
        changed = self.seed.change(self._told(draw), self.seed, [self.base, *self.sliders])
        changed.then(self._told(self.show), self.point, self.image)
        self.level.click(lambda: zeros, None, self.sliders).then(
            self._told(self.show), self.point, self.image
        )

    def add_samples(self):
        """A sheet of draws."""
        more = self.gr.Button(f"{NUM_SAMPLES} draws from the draw number on")
        shown = self.gr.HTML(elem_id="samples")
        inputs = [self.seed, self.truncation, self.label]
        more.click(self._told(self._samples), inputs, shown)

    def add_between(self):
        """The way between two points that were kept."""
        self.gr.Markdown("Keep two points as A and B above, then move from one to the other.")
        place = self.gr.Slider(0, 1, 0.5, step=0.01, label="From A to B")
        middle, way = self.gr.HTML(elem_id="middle"), self.gr.HTML(elem_id="way")
        inputs = [*self.kept, place, self.label]
        self._follow(place, self._between, inputs, middle)
        for name, button, kept, shown in zip(
            "AB", self.keep, self.kept, self.kept_images, strict=True
        ):
            keep = self._told(functools.partial(self._keep, name))
            clicked = button.click(keep, self.point, [kept, shown])
            clicked.then(self._told(self._between), inputs, middle).then(
                self._told(self._way), [*self.kept, self.label], way
            )

    def add_search(self):
        """The search for the latents of a person's own image."""
        upload = self.gr.File(label="An image to search for", file_count="single")
        shown = self.gr.HTML(elem_id="found", min_height=100)
        found = self.gr.State(None)
        continue_from = self.gr.Button("Continue from there")

        def search(path, label, progress=self.gr.Progress()):  # noqa: B008, Gradio looks for it here
            return self._search(path, label, progress)

        def start_there(latents, current):
            start = current if latents is None else latents
            return start, 1.0, *[0.0] * len(self.sliders)

        upload.upload(self._told(search), [upload, self.label], [shown, found])
        continue_from.click(
            start_there, [found, self.base], [self.base, self.truncation, *self.sliders]
        ).then(self._told(self.show), self.point, self.image)

    def _follow(self, control, function, inputs, output):
        """Has an output follow a control while a person moves it, always to its last value."""
        control.input(
            self._told(function),
            inputs,
            output,
            show_progress="hidden",
            trigger_mode="always_last",
        )

    def _told(self, function):
        """Has what was wrong said in a sentence."""

        @functools.wraps(function)
        def told(*arguments):
            try:
                return function(*arguments)
            except (ValueError, OSError) as error:
                raise self.gr.Error(str(error), print_exception=False) from error

        return told

    def show(self, *point):
        """The image of what the controls say."""
        return self._keep("image", *point)[1]

    def _keep(self, name, base, truncation, label, *positions):
        latents = truncate(base, truncation, self.explorer.generator.latents)
        latents = self.explorer.moved(latents, positions)
        image = self.explorer.image(latents, self.explorer.label(label))
        return latents, shown_image(image, latents[np.newaxis], name)

    def _samples(self, seed, truncation, label):
        # The numbers that one may enter above: the first of these is the one that is shown.
        numbers = range(int(seed or 0), int(seed or 0) + NUM_SAMPLES)
        draws = np.stack([self.explorer.draw(number) for number in numbers])
        latents = truncate(draws, truncation, self.explorer.generator.latents)
        sheet = tile_images(
            self.explorer.generator.generate(latents, self.explorer.label(label)), 8
        )
        return shown_image(sheet, latents, f"draws {numbers[0]} to {numbers[-1]}")

    def _between(self, start, end, place, label):
        if start is None or end is None:
            return ""
        latents = between(start, end, 101, "spherical")[round(100 * place)]
        image = self.explorer.image(latents, self.explorer.label(label))
        return shown_image(image, latents[np.newaxis], "between")

    def _way(self, start, end, label):
        if start is None or end is None:
            return ""
        latents = between(start, end, NUM_BETWEEN, "spherical")
        images = self.explorer.generator.generate(latents, self.explorer.label(label))
        return shown_image(tile_images(images, NUM_BETWEEN), latents, "way")

    def _search(self, path, label, progress):
        progress(0, desc="Comparing with draws")
        found = self.explorer.search(
            path,
            self.explorer.label(label),
            lambda done, steps: progress((done, steps), desc="Searching", unit="steps"),
        )
        sheet = tile_images(np.stack([found.targets[0], found.images[0]]), 2)
        text = (
            "<p>Left your image, right what the generator makes: mean squared error "
            f"{found.errors[0]:.4f}; of all draws {found.plausibility[0]:.0%} lie as far out.</p>"
        )
        return shown_image(sheet, found.latents, "found") + text, found.latents[0]
