import t from 'tap'
import { leaveReplica } from '../../../src/redis/replica.ts'

t.test('an error reply of a replica leads to a new connection, at most twice a second', async (t) => {
  const replies: Array<[message: string, isReplica: boolean]> = [
    ["READONLY You can't write against a read only replica.", true],
    ["READONLY You can't write against a read only replica. script: 5840c7, on @user_script:1.", true],
    ["ERR Error running script (call to f_5840c7): @user_script:1: -READONLY You can't write against a read only replica.", true],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
    ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', true],
    ["OOM command not allowed when used memory > 'maxmemory'.", false],
    ['NOREPLICAS Not enough good replicas to write.', false],
    ['LOADING Redis is loading the dataset in memory', false],
    ['ERR unknown command READONLY', false]
  ]
  for (const [message, isReplica] of replies) {
    t.equal(leaveReplica('refuse')(new Error(message)), isReplica ? 1 : false, message)
    t.equal(leaveReplica('resend')(new Error(message)), isReplica ? 2 : false, message)
  }
  let now = 0
  const decide = leaveReplica('refuse', () => now)
  const readonly = new Error('READONLY x')
  t.equal(decide(readonly), 1)
  now = 499
  t.equal(decide(readonly), false)
  now = 500
  t.equal(decide(readonly), 1)
})
