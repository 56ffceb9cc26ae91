// How things are said to people: names, moments in UTC, spans of time, and text that hides nothing.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Characters that cannot be seen, or that turn the direction of text, are named instead of obeyed.
function visible(text) {
  return text.replace(UNSEEN, (letter) => `⟨U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

function clock(at) {
  const moment = new Date(at);
  const day = `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
  return `${day}, ${pair(moment.getUTCHours())}:${pair(moment.getUTCMinutes())} UTC`;
}

// Two units at most: "3 h 55 min"; below a minute, seconds.
function span(length) {
  const left = Math.max(0, length);
  if (left >= DAY) return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
  if (left >= HOUR) return `${Math.floor(left / HOUR)} h ${Math.floor((left % HOUR) / MINUTE)} min`;
  if (left >= MINUTE) return `${Math.floor(left / MINUTE)} min ${Math.floor((left % MINUTE) / SECOND)} s`;
  return `${Math.floor(left / SECOND)} s`;
}

function mark(digest) {
  return digest.slice(0, 12).replace(/(.{4})(?=.)/g, "$1 ");
}

// "Ada", "Ada and Ben", "Ada, Ben and Cleo".
function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

// Seats by their groups, "approvers, approvers" being "2 of approvers".
function seats(groups) {
  const counted = new Map();
  for (const group of groups) counted.set(group, (counted.get(group) ?? 0) + 1);
  return listed([...counted].map(([group, count]) => `${count} of ${visible(group)}`));
}

// The last part of an ARN, by which people know a thing.
function nameOf(arn) {
  return arn.split(/[:/]/).at(-1) || arn;
}

function pair(number) {
  return String(number).padStart(2, "0");
}
