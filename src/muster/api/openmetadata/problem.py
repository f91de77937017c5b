"""How errors of this surface are described."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from muster.api.web import Described, refusals


class Problem(BaseModel):
    """An error."""

    model_config = ConfigDict(alias_generator=to_camel)

    code: int = Field(description="The status.", examples=[404])
    error_type: str = Field(examples=["NOT_FOUND"])
    message: str = Field(description="What is wrong, and what to do about it.")
    reason: str = Field(description="The error's code, as in the reference of errors.", examples=["not_found"])
    path: str | None = Field(default=None, description="A JSON pointer into the request.")
    hint: str | None = Field(default=None, description="What to do next.")
    request_id: str


REFUSALS: Final[Described] = refusals(Problem)
