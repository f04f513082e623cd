/* Colours the ground, draws marks and heat, and moves through time. Reads REPORT; fetches nothing. */
(() => {
  const map = window[REPORT.map];
  const layers = { areas: window[REPORT.areaLayer], cells: window[REPORT.cellLayer] };
  const form = document.querySelector('.controls');
  const slider = form.elements.time;
  const last = REPORT.times.length - 1;
  const SCALES = {
    open: { colours: ['#fbfcfd', '#dbe6f2', '#b6cde5', '#85abd3', '#4d81b6', '#245a92'], word: '在办' },
    late: { colours: ['#fbfcfd', '#fbd9d3', '#f4aba2', '#e5766e', '#c9403f', '#97161c'], word: '已超限' },
  };
  const FILLS = ['#5b6b7d', '#f0a020', '#d0202a', '#8a1173'];
  const SHAPES = [
    '<circle cx="12" cy="12" r="7"/>',
    '<path d="M12 1 23 22H1Z"/>',
    '<rect x="2" y="2" width="20" height="20" rx="2"/>',
    '<path d="M12 0 24 12 12 24 0 12Z"/>',
  ];
  const WORDS = ['正常', '将超限', '已超限', '紧急待受理'];

  /** [open, late, worst, how many are so] of a cell at a frame: the last change up to it. */
  function told(path, frame) {
    let found = [0, 0, 0, 0];
    for (const run of REPORT.cells[path] || []) {
      if (run[0] > frame) break;
      found = run.slice(1);
    }
    return found;
  }
  const known = new Set(REPORT.areas);
  function areaOf(path) {
    for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (known.has(at)) return at;
    return null;
  }
  function sums(frame, level) {
    const all = new Map();
    for (const path of Object.keys(REPORT.cells)) {
      const key = level === 'areas' ? areaOf(path) : path;
      const now = told(path, frame);
      if (key === null || now[0] === 0) continue;
      const sum = all.get(key) || [0, 0, 0];
      all.set(key, [sum[0] + now[0], sum[1] + now[1], Math.max(sum[2], now[2])]);
    }
    return all;
  }
  /** Whole steps that stay the same over the whole period, so that colours can be compared through time. */
  const tops = {};
  function stepsOf(level, measure) {
    const key = level + measure;
    if (!tops[key]) {
      let top = 0;
      for (let frame = 0; frame <= last; frame += 1)
        for (const sum of sums(frame, level).values()) top = Math.max(top, sum[measure === 'open' ? 0 : 1]);
      const steps = [1];
      for (let n = 1; n < 5; n += 1) steps.push(Math.max(steps[n - 1] + 1, Math.ceil((top * n) / 5)));
      tops[key] = steps;
    }
    return tops[key];
  }
  const classOf = (value, steps) => steps.filter((step) => value >= step).length;

  const marks = L.layerGroup().addTo(map);
  const names = L.layerGroup().addTo(map);

  function markHtml(rank, count) {
    const text = REPORT.chars[rank];
    const y = rank === 1 ? 19 : 16.5;
    return (
      `<svg width="24" height="24" viewBox="0 0 24 24" fill="${FILLS[rank]}" stroke="#fff" stroke-width="1">${SHAPES[rank]}` +
      (text ? `<text x="12" y="${y}" text-anchor="middle" font-size="${rank === 1 ? 10 : 12}" font-weight="700" stroke="none" fill="${rank === 1 ? '#2b1a00' : '#fff'}">${text}</text>` : '') +
      `</svg>${count > 1 ? `<b>${count}</b>` : ''}`
    );
  }
  function popupOf(path, frame) {
    const box = document.createElement('div');
    box.className = 'popup';
    const head = box.appendChild(document.createElement('h3'));
    const now = told(path, frame);
    head.textContent = `${REPORT.places[path] ? REPORT.places[path][2] : ''} 在办 ${now[0]}，超限 ${now[1]}`;
    if (frame !== last) return box;
    const table = box.appendChild(document.createElement('table'));
    const { columns, rows } = REPORT.lists.found;
    for (const at of REPORT.issues[path] || []) {
      const row = table.insertRow();
      row.insertCell().innerHTML = markHtml(rows[at][columns.indexOf('_mark')], 1);
      for (const name of ['编号', '事项', '状态', '等级', '持有单位', '时限']) row.insertCell().textContent = rows[at][columns.indexOf(name)];
    }
    return box;
  }
  /** Never wider than the map: on a phone a row takes several lines. */
  const popupRoom = () => Math.min(640, map.getSize().x - 60);
  function drawMarks(frame) {
    marks.clearLayers();
    if (!form.elements.marks.checked) return;
    for (const path of Object.keys(REPORT.cells)) {
      const [open, , worst, grave] = told(path, frame);
      const place = REPORT.places[path];
      if (!open || !place) continue;
      const label = `${place[2]}：在办 ${open}，${WORDS[worst]}${worst ? ` ${grave}` : ''}`;
      L.marker([place[0], place[1]], {
        icon: L.divIcon({ className: 'mark', html: markHtml(worst, grave), iconSize: [24, 24] }),
        title: label, alt: label, zIndexOffset: worst * 1000,
      }).bindPopup(() => popupOf(path, frame), { minWidth: Math.min(260, popupRoom()), maxWidth: popupRoom() }).addTo(marks);
    }
  }
  function drawNames(frame) {
    names.clearLayers();
    if (!form.elements.names.checked) return;
    const all = sums(frame, 'areas');
    for (const path of REPORT.areas) {
      const place = REPORT.places[path];
      const sum = all.get(path) || [0, 0, 0];
      const html = `${escapeHtml(place[2])}<br>${sum[0]}${sum[1] ? ` / 超 ${sum[1]}` : ''}`;
      L.marker([place[0], place[1]], { icon: L.divIcon({ className: 'name', html, iconSize: null }), interactive: false, keyboard: false, zIndexOffset: 5000 }).addTo(names);
    }
  }
  const escapeHtml = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

  /* Heat: soft spots of the open issues, added up on a canvas of our own. */
  const Heat = L.Layer.extend({
    onAdd(on) {
      this._canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide heat', on.getPanes().overlayPane);
      this._canvas.style.pointerEvents = 'none';
      on.on('moveend zoomend resize', this.redraw, this);
      this.redraw();
    },
    onRemove(on) {
      on.off('moveend zoomend resize', this.redraw, this);
      this._canvas.remove();
    },
    show(frame) {
      this._frame = frame;
      if (this._map) this.redraw();
    },
    redraw() {
      const on = this._map;
      const size = on.getSize();
      const canvas = this._canvas;
      L.DomUtil.setPosition(canvas, on.containerPointToLayerPoint([0, 0]));
      canvas.width = size.x;
      canvas.height = size.y;
      const pen = canvas.getContext('2d');
      const radius = Math.max(26, Math.min(size.x, size.y) / 14);
      for (const path of Object.keys(REPORT.cells)) {
        const [open] = told(path, this._frame || 0);
        const place = REPORT.places[path];
        if (!open || !place) continue;
        const at = on.latLngToContainerPoint([place[0], place[1]]);
        const glow = pen.createRadialGradient(at.x, at.y, 0, at.x, at.y, radius);
        glow.addColorStop(0, `rgba(0,0,0,${Math.min(0.85, 0.22 * open)})`);
        glow.addColorStop(1, 'rgba(0,0,0,0)');
        pen.fillStyle = glow;
        pen.fillRect(at.x - radius, at.y - radius, 2 * radius, 2 * radius);
      }
      if (!size.x || !size.y) return;
      const image = pen.getImageData(0, 0, size.x, size.y);
      for (let i = 3; i < image.data.length; i += 4) {
        const warm = image.data[i] / 255;
        if (warm === 0) continue;
        image.data[i - 3] = 255;
        image.data[i - 2] = Math.round(225 * (1 - warm));
        image.data[i - 1] = Math.round(60 * (1 - warm));
        image.data[i] = Math.round(60 + 150 * warm);
      }
      pen.putImageData(image, 0, 0);
    },
  });
  const heat = new Heat();

  function draw() {
    const frame = Number(slider.value);
    const level = (form.querySelector('[name=level]:checked') || { value: 'areas' }).value;
    const measure = form.querySelector('[name=measure]:checked').value;
    const all = sums(frame, level);
    const steps = stepsOf(level, measure);
    const { colours, word } = SCALES[measure];
    for (const [name, layer] of Object.entries(layers)) {
      layer.eachLayer((shape) => {
        const sum = all.get(shape.feature.id) || [0, 0, 0];
        const fill = colours[classOf(sum[measure === 'open' ? 0 : 1], steps)];
        const filled = name === level;
        shape.setStyle({ fillColor: fill, fillOpacity: filled ? 0.92 : 0, weight: name === 'areas' ? 1.6 : level === 'cells' ? 0.6 : 0 });
      });
    }
    drawMarks(frame);
    drawNames(frame);
    if (form.elements.heat.checked) map.addLayer(heat);
    else map.removeLayer(heat);
    heat.show(frame);
    form.elements.now.value = `${REPORT.times[frame]}　在办 ${REPORT.open[frame]}，超限 ${REPORT.late[frame]}`;
    const legend = form.querySelector('.legend');
    const spans = [`${word}：0`, ...steps.map((step, n) => (n < 4 && steps[n + 1] - 1 > step ? `${step}–${steps[n + 1] - 1}` : n < 4 ? `${step}` : `≥ ${step}`))];
    legend.innerHTML =
      spans.map((text, n) => `<span><i style="background:${colours[n]}"></i>${text}</span>`).join('') +
      WORDS.map((text, rank) => `<span>${markHtml(rank, 1)}${text}</span>`).join('');
  }

  let playing = 0;
  function stop() {
    clearInterval(playing);
    playing = 0;
    form.elements.play.textContent = '▶';
  }
  form.elements.play.addEventListener('click', () => {
    if (playing) return stop();
    if (Number(slider.value) === last) slider.value = 0;
    form.elements.play.textContent = '❚❚';
    playing = setInterval(() => {
      if (Number(slider.value) >= last) return stop();
      slider.value = Number(slider.value) + 1;
      draw();
    }, 500);
    draw();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target === slider) stop();
    draw();
  });
  /* A figure opens its rows: of one list, those that have the values which it was counted by. */
  const dialog = document.getElementById('rows');
  document.addEventListener('click', (event) => {
    const figure = event.target.closest('button.opens');
    if (!figure) return;
    const { columns, rows } = REPORT.lists[figure.dataset.of];
    const where = Object.entries(JSON.parse(figure.dataset.where)).map(([name, value]) => [columns.indexOf(name), value]);
    const found = rows.filter((row) => where.every(([at, value]) => row[at] === value));
    const shown = columns.map((name, at) => [name, at]).filter(([name]) => !name.startsWith('_'));
    dialog.querySelector('h2').textContent = `${figure.dataset.title}：${found.length} 条`;
    const cells = (tag, texts) => texts.map((text) => Object.assign(document.createElement(tag), { textContent: text }));
    dialog.querySelector('thead tr').replaceChildren(...cells('th', shown.map(([name]) => name)));
    dialog.querySelector('tbody').replaceChildren(
      ...found.map((row) => {
        const line = document.createElement('tr');
        line.append(...cells('td', shown.map(([, at]) => row[at])));
        return line;
      }),
    );
    dialog.showModal();
  });

  map.invalidateSize(); // it began before the page had its width
  map.fitBounds(layers.areas.getBounds(), { padding: [8, 8], animate: false });
  slider.max = last;
  slider.value = last;
  if (layers.areas.bringToFront) layers.areas.eachLayer((shape) => (shape.options.interactive = false));
  draw();
  document.documentElement.dataset.drawn = 'true';
})();
