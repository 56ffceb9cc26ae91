// A button that was pressed is not pressed again: a login signs once.

document.querySelector("#confirmation").addEventListener("submit", () => {
  document.querySelector("#confirm").disabled = true;
});
