// A button that signs, once at a time, and what is told of it; `at` is the page's own.

function tell(kind, title, text) {
  at("outcome-title").textContent = title;
  at("outcome-text").textContent = visible(text);
  at("outcome").className = `outcome ${kind}`;
  at("outcome").hidden = false;
  at("outcome-title").focus();
}

function pressed(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (error) {
      tell("bad", "It was not signed", whyNotSigned(error) || error.message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
