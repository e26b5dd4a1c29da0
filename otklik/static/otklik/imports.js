// Shows how much of a file is uploaded: large files take longer than patience without a sign.
document.addEventListener("htmx:xhr:progress", function (event) {
  const bar = event.target.querySelector(".import-upload-progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
});
