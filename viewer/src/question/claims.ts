// Which claims are about a question.
import type { ClaimFinding } from '../types/findings'
import type { Question, Scene } from '../types/scene'

export const claimsAbout = (scene: Scene, question: Question): ClaimFinding[] =>
  (scene.findings.claims?.claims ?? []).filter((one) => scene.claim_questions[one.id] === question.id)
