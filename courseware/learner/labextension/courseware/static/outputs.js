// Three things that JupyterLab leaves out of a cell's outputs: the words that come with a picture (`alt` in its metadata),
// breaking long lines between words, and what to do where a widget is gone ("Error displaying widget") since its kernel
// is. JupyterLab loads this as it loads a prebuilt extension.
(() => {
  const STYLE = `
    .jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }
    .jp-OutputArea-output.jupyter-widgets:not(:has(*))::after { content: ". Run the first cell and this one again." }`;
  let shared;

  async function extension() {
    const load = await Object.values(shared["@jupyterlab/rendermime"])[0].get();
    const { IRenderMimeRegistry, imageRendererFactory } = load();

    function createRenderer(options) {
      const renderer = imageRendererFactory.createRenderer(options);
      const render = renderer.render.bind(renderer);
      renderer.render = async (model) => {
        await render(model);
        const { alt } = model.metadata[options.mimeType] ?? {};
        if (typeof alt === "string") renderer.node.querySelector("img")?.setAttribute("alt", alt);
      };
      return renderer;
    }

    function activate(app, registry) {
      registry.addFactory({ safe: true, mimeTypes: ["image/png"], createRenderer }, imageRendererFactory.defaultRank);
      const style = document.createElement("style");
      style.textContent = STYLE;
      document.head.append(style);
    }
    return { id: "courseware:outputs", autoStart: true, requires: [IRenderMimeRegistry], activate };
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.courseware = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const plugin = await extension();
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
