/** Sentences of no operation: they ask for nothing to be done. */
export const talk: readonly { says: readonly string[]; answer: string; withExamples?: true }[] = [
  {
    says: ['hi|hello|hey|thanks', 'hello again', 'good morning|evening', 'thank you'],
    answer: 'Hello! Tell me what you would like to watch.',
  },
  {
    says: ['help', 'what can|do you do', 'what can I ask|say|do', 'how does this|it work'],
    answer: 'I look after your media servers.',
    withExamples: true,
  },
  {
    says: ['yes|yep|sure|ok|okay', 'do it', 'go ahead|on'],
    answer: 'What changes something waits for your press: use the button on its card above.',
  },
];
