// What the request could have been restored from: out of the signed text alone, the rows that `restore find` prints.

const SCANS = { clean: "scanned clean", threats: "malware found", incomplete: "scan incomplete", never: "not scanned" };
const COPY = new Map([[true, "copy verified"], [false, "copy missing or wrong"], [undefined, "not known to be verified"]]);

function showCandidates(request) {
  const { candidates, said } = request;
  at("candidates").hidden = candidates === null;
  if (candidates === null) return;
  put("candidates-note", `The state that is not later than ${clock(candidates.before)}, the best backup first. ${moreSaid(candidates)}`.trim());
  at("candidate-list").replaceChildren(...candidates.rows.map((row) => candidate(row, said)));
  at("candidate-list").hidden = candidates.rows.length === 0;
  const unread = candidates.unread.map(({ vault, reason }) => item(`${nameOf(vault)}: ${reason}`));
  at("unread-list").replaceChildren(...unread);
  at("unread").hidden = unread.length === 0;
}

function moreSaid({ more }) {
  return more ? `${more} more could be restored as well.` : "";
}

function candidate(row, said) {
  const isChosen = (way) => way.recovery_point === said.recovery_point && way.vault === said.vault;
  const chosen = row.ways.find(isChosen);
  const made = document.createElement("li");
  made.className = chosen ? "candidate chosen" : "candidate";
  const marks = [...(chosen ? ["chosen"] : []), ...row.marks];
  const when = row.instant === null ? "Of an unknown time" : `State of ${clock(row.instant)}`;
  made.append(lineOf("strong", marks.length ? `${when} · ${marks.join(", ")}` : when));
  made.append(lineOf("span", row.why_not ? `not offered: ${row.why_not}` : `loses ${minutesSaid(row.minutes_lost ?? 0)}, ${timeBack(row.ways[0])}`));
  const scanned = row.scanned_at === null ? "" : ` on ${clock(row.scanned_at)}`;
  made.append(lineOf("span", `${wayOut(row.ways[0])}; ${COPY.get(row.verified)}`));
  made.append(lineOf("span", `${SCANS[row.scan] ?? row.scan}${scanned}`, row.scan === "threats" ? "threats" : ""));
  for (const way of row.ways.slice(1)) made.append(lineOf("span", `or ${wayOut(way)}: ${timeBack(way)}${way === chosen ? " · chosen" : ""}`));
  return made;
}

function wayOut({ plan, vault, storage }) {
  return `${plan} from ${nameOf(vault)}, ${storage.toLowerCase()}`;
}

function timeBack({ minutes, measured }) {
  if (minutes === undefined) return "back in an unknown time";
  return `back in ${measured ? "" : "about "}${minutesSaid(minutes)}`;
}

// Minutes as people say them, the two greatest parts of them.
function minutesSaid(count) {
  if (count < 60) return `${count} min`;
  const [great, name, small, part] = count < 1440
    ? [Math.floor(count / 60), "h", count % 60, "min"]
    : [Math.floor(count / 1440), "d", Math.floor((count % 1440) / 60), "h"];
  return small ? `${great} ${name} ${small} ${part}` : `${great} ${name}`;
}

function lineOf(kind, text, className = "") {
  const made = document.createElement(kind);
  made.textContent = visible(text);
  if (className) made.className = className;
  return made;
}
