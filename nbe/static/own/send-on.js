// Sends on a form that was kept while its sender signed in again. Without script there is a button.
document.querySelectorAll("form[data-send-on]").forEach(function (form) {
  "use strict";
  form.requestSubmit();
});
