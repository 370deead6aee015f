// The globe (orthographic) and the map (equirectangular), drawn on canvases.
// A scene holds: sun [lat, lon], coast [[[lat, lon], …], …], stations [{name, at}],
// craft [{name, at: [lat, lon, height], chosen, hollow}], path [[lat, lon, height], …], ink {…}.

const RAD = Math.PI / 180;
const DOT = 4;

// Heights are drawn compressed: 500 km stand 1/10 of the Earth's radius above the ground, a
// geostationary orbit 4/10, the Moon 6/10.
const lift = (heightKm) => 1 + 0.185 * Math.log10(1 + Math.max(0, heightKm) / 200);
const FARTHEST = 1.62;

function fitted(canvas) {
  const scale = Math.min(globalThis.devicePixelRatio || 1, 2);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = "round";
  return [pen, width, height];
}

function line(pen, points) {
  pen.beginPath();
  let down = false;
  for (const point of points) {
    if (point === null) down = false;
    else {
      if (down) pen.lineTo(point[0], point[1]);
      else pen.moveTo(point[0], point[1]);
      down = true;
    }
  }
  pen.stroke();
}

// Names beside their marks; one that would cover another is left out, the chosen ones come first.
function labels(pen, marks, ink, width, height) {
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  const taken = [];
  for (const mark of [...marks].sort((a, b) => (b.chosen ? 1 : 0) - (a.chosen ? 1 : 0))) {
    const wide = pen.measureText(mark.name).width;
    const x = mark.x + wide + 9 > width ? mark.x - wide - 8 : mark.x + 8;
    const box = [x, mark.y - 7, x + wide, mark.y + 7];
    const free = taken.every((b) => box[2] < b[0] || box[0] > b[2] || box[3] < b[1] || box[1] > b[3]);
    if (!mark.chosen && (!free || box[0] < 0 || box[1] < 0 || box[3] > height)) continue;
    taken.push(box);
    pen.lineWidth = 3;
    pen.strokeStyle = ink.ground;
    pen.strokeText(mark.name, x, mark.y);
    pen.fillStyle = mark.faint ? ink.faint : ink.text;
    pen.fillText(mark.name, x, mark.y);
  }
}

function dots(pen, marks, ink) {
  for (const mark of marks) {
    pen.beginPath();
    if (mark.station) {
      pen.moveTo(mark.x, mark.y - DOT);
      pen.lineTo(mark.x + DOT, mark.y + DOT - 1);
      pen.lineTo(mark.x - DOT, mark.y + DOT - 1);
      pen.closePath();
    } else pen.arc(mark.x, mark.y, mark.chosen ? DOT + 2 : DOT, 0, 2 * Math.PI);
    pen.lineWidth = 1.5;
    pen.strokeStyle = mark.station ? ink.station : mark.chosen ? ink.chosen : ink.craft;
    pen.fillStyle = mark.hollow ? ink.ground : pen.strokeStyle;
    pen.fill();
    pen.stroke();
  }
}

const graticule = [];
for (let lon = -180; lon < 180; lon += 30) {
  const one = [];
  for (let lat = -90; lat <= 90; lat += 5) one.push([lat, lon]);
  graticule.push(one);
}
for (let lat = -60; lat <= 60; lat += 30) {
  const one = [];
  for (let lon = -180; lon <= 180; lon += 5) one.push([lat, lon]);
  graticule.push(one);
}

export function drawGlobe(canvas, scene, view) {
  const [pen, width, height] = fitted(canvas);
  const radius = Math.min(width, height) / 2 / FARTHEST;
  const [cx, cy] = [width / 2, height / 2];
  const [sin0, cos0] = [Math.sin(view.lat * RAD), Math.cos(view.lat * RAD)];
  // Right, up, and towards the eye, in Earth radii.
  const turned = ([lat, lon, heightKm]) => {
    const r = heightKm === undefined ? 1 : lift(heightKm);
    const [sin, cos] = [Math.sin(lat * RAD), Math.cos(lat * RAD)];
    const east = (lon - view.lon) * RAD;
    const [sinE, cosE] = [Math.sin(east), Math.cos(east)];
    return [
      r * cos * sinE,
      r * (cos0 * sin - sin0 * cos * cosE),
      r * (sin0 * sin + cos0 * cos * cosE),
    ];
  };
  const onPaper = ([x, y]) => [cx + radius * x, cy - radius * y];
  const onGround = (point) => {
    const at = turned(point);
    return at[2] >= 0 ? onPaper(at) : null;
  };
  const { ink } = scene;
  pen.beginPath();
  pen.arc(cx, cy, radius, 0, 2 * Math.PI);
  pen.fillStyle = ink.sea;
  pen.fill();
  pen.lineWidth = 0.5;
  pen.strokeStyle = ink.grid;
  for (const one of graticule) line(pen, one.map(onGround));
  pen.lineWidth = 1;
  pen.strokeStyle = ink.coast;
  for (const one of scene.coast) line(pen, one.map(onGround));
  // Night: from one end of the terminator along its half this side, and back along the limb.
  const sun = turned(scene.sun);
  const across = Math.hypot(sun[0], sun[1]);
  if (across > 1e-9) {
    const [ux, uy] = [sun[0] / across, sun[1] / across];
    pen.beginPath();
    for (let k = 0; k <= 60; k++) {
      const [c, s] = [Math.cos((k * Math.PI) / 60), Math.sin((k * Math.PI) / 60)];
      const at = onPaper([-c * uy - s * sun[2] * ux, c * ux - s * sun[2] * uy]);
      if (k) pen.lineTo(at[0], at[1]);
      else pen.moveTo(at[0], at[1]);
    }
    for (let k = 0; k <= 60; k++) {
      const [c, s] = [Math.cos((k * Math.PI) / 60), Math.sin((k * Math.PI) / 60)];
      const at = onPaper([c * uy - s * ux, -c * ux - s * uy]);
      pen.lineTo(at[0], at[1]);
    }
    pen.fillStyle = ink.night;
    pen.fill();
  }
  pen.beginPath();
  pen.arc(cx, cy, radius, 0, 2 * Math.PI);
  pen.strokeStyle = ink.coast;
  pen.stroke();
  const seen = (at) => at[2] >= 0 || Math.hypot(at[0], at[1]) > 1;
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink.chosen;
  line(pen, scene.path.map((point) => {
    const at = turned(point);
    return seen(at) ? onPaper(at) : null;
  }));
  const marks = [];
  for (const one of scene.stations) {
    const at = onGround(one.at);
    if (at) marks.push({ ...one, x: at[0], y: at[1], station: true });
  }
  for (const one of scene.craft) {
    const at = turned(one.at);
    if (!seen(at)) continue;
    const [x, y] = onPaper(at);
    marks.push({ ...one, x, y });
  }
  dots(pen, marks, ink);
  labels(pen, marks, ink, width, height);
}

export function drawMap(canvas, scene) {
  const [pen, width, height] = fitted(canvas);
  const { ink } = scene;
  const at = ([lat, lon]) => [((lon + 180) / 360) * width, ((90 - lat) / 180) * height];
  // Lines that leave on one side come back on the other.
  const cut = (points) => {
    const found = [];
    let last = null;
    for (const point of points) {
      if (last && Math.abs(point[1] - last[1]) > 180) found.push(null);
      found.push(at(point));
      last = point;
    }
    return found;
  };
  pen.fillStyle = ink.sea;
  pen.fillRect(0, 0, width, height);
  pen.lineWidth = 0.5;
  pen.strokeStyle = ink.grid;
  for (const one of graticule) line(pen, cut(one));
  pen.lineWidth = 1;
  pen.strokeStyle = ink.coast;
  for (const one of scene.coast) line(pen, cut(one));
  // The terminator has one latitude on each meridian; night lies towards the pole of winter.
  const declination = Math.abs(scene.sun[0]) < 0.01 ? 0.01 : scene.sun[0];
  pen.beginPath();
  for (let lon = -180; lon <= 180; lon += 2) {
    const lat = Math.atan(-Math.cos((lon - scene.sun[1]) * RAD) / Math.tan(declination * RAD)) / RAD;
    const [x, y] = at([lat, lon]);
    if (lon > -180) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  const winter = declination > 0 ? height : 0;
  pen.lineTo(width, winter);
  pen.lineTo(0, winter);
  pen.fillStyle = ink.night;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink.chosen;
  line(pen, cut(scene.path));
  const marks = [];
  for (const one of scene.stations) {
    const [x, y] = at(one.at);
    marks.push({ ...one, x, y, station: true });
  }
  for (const one of scene.craft) {
    const [x, y] = at(one.at);
    marks.push({ ...one, x, y });
  }
  dots(pen, marks, ink);
  labels(pen, marks, ink, width, height);
}

// Coastlines are kept as tenths of a degree: a first point, then steps.
export function unpacked(lines) {
  return lines.map((numbers) => {
    const points = [];
    let [lon, lat] = [0, 0];
    for (let k = 0; k < numbers.length; k += 2) {
      lon += numbers[k];
      lat += numbers[k + 1];
      points.push([lat / 10, lon / 10]);
    }
    return points;
  });
}
