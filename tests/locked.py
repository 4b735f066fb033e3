"""LibreOffice with passwords: it opens what we sealed, and locks what we are to open.

Its command line takes no password, so a macro in a profile of our own does what a person would do by hand.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests import tools

XLSX, XLS, ODS = "Calc MS Excel 2007 XML", "MS Excel 97", "calc8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {root} PUBLIC "-//OpenOffice.org//DTD {dtd}">\n'
_MACRO = """
Function Named(name As String, value) As Object
  Dim one As New com.sun.star.beans.PropertyValue
  one.Name = name
  one.Value = value
  Named = one
End Function
Function Pair(name As String, value) As Object
  Dim one As New com.sun.star.beans.NamedValue
  one.Name = name
  one.Value = value
  Pair = one
End Function
Sub Locked(kind As String, word As String, properties)
  If word = "" Then
    properties(1) = Named("Overwrite", True)
  ElseIf kind = "Calc MS Excel 2007 XML" Then
    properties(1) = Named("EncryptionData", Array(Pair("CryptoType", "Standard"), Pair("OOXPassword", word)))
  Else
    properties(1) = Named("Password", word)
  End If
End Sub
Function Saved(source, word, target, kind As String, newWord As String) As String
  On Error Goto Failed
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, _
    Array(Named("Hidden", True), Named("Password", word)))
  properties = Array(Named("FilterName", kind), 0)
  Locked(kind, newWord, properties)
  book.storeToURL(target, properties)
  book.close(True)
  Saved = "ok"
  Exit Function
Failed:
  Saved = Error$
End Function
Sub SaveAll(listed As String, answers As String)
  work = FreeFile
  Open listed For Input As #work
  done = FreeFile
  Open answers For Output As #done
  Do Until EOF(work)
    Line Input #work, source
    Line Input #work, word
    Line Input #work, target
    Line Input #work, kind
    Line Input #work, newWord
    Print #done, Replace(Saved(source, word, target, kind, newWord), Chr(10), " ")
  Loop
  Close #done
  Close #work
  StarDesktop.terminate()
End Sub
"""


class Job(NamedTuple):
    """A file to open, with its password, and to save, with another; no password is ``""``."""

    source: Path
    target: Path
    kind: str = XLSX
    password: str = ""
    new_password: str = ""


def resave(jobs: Sequence[Job]) -> list[str]:
    """Each job's ``ok`` or what LibreOffice complained of, all in one start of the program."""
    with tempfile.TemporaryDirectory() as folder:
        listed, answers = Path(folder, "jobs"), Path(folder, "answers")
        lines = [
            f"{job.source.as_uri()}\n{job.password}\n{job.target.as_uri()}\n{job.kind}\n{job.new_password}\n"
            for job in jobs
        ]
        listed.write_text("".join(lines), "utf-8")
        soffice = shutil.which("soffice")
        if not soffice:
            raise tools.MissingTool("The program `soffice` is not installed; run `make system`.")
        subprocess.run(
            [
                soffice, f"-env:UserInstallation={_profile().as_uri()}", "--headless", "--norestore",
                f"macro:///Standard.Locks.SaveAll({listed},{answers})",
            ],
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            timeout=tools.TIMEOUT_SECONDS,
            capture_output=True,
            check=True,
        )  # fmt: skip
        said = answers.read_text("utf-8").splitlines()
    assert len(said) == len(jobs), said
    return said


@functools.cache
def _profile() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sheetkit-locks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # else the first start puts an empty library over ours
    tools.write_profile(folder, {"Setup/Office": {"ooSetupInstCompleted": "true"}})
    basic = folder / "user" / "basic"
    (basic / "Standard").mkdir(parents=True)
    library = 'xmlns:library="http://openoffice.org/2000/library"'
    (basic / "script.xlc").write_text(
        _HEAD.format(root="library:libraries", dtd='OfficeDocument 1.0//EN" "libraries.dtd')
        + f'<library:libraries {library}><library:library library:name="Standard" library:link="false"/>'
        + "</library:libraries>"
    )
    (basic / "Standard" / "script.xlb").write_text(
        _HEAD.format(root="library:library", dtd='OfficeDocument 1.0//EN" "library.dtd')
        + f'<library:library {library} library:name="Standard" library:readonly="false"'
        + ' library:passwordprotected="false"><library:element library:name="Locks"/></library:library>'
    )
    (basic / "Standard" / "Locks.xba").write_text(
        _HEAD.format(root="script:module", dtd='OfficeDocument 1.0//EN" "module.dtd')
        + '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Locks"'
        + f' script:language="StarBasic"><![CDATA[{_MACRO}]]></script:module>'
    )
    return folder
